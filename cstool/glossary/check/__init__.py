"""What entries must be: form, references, names and wording; and the JSON Schema for editors."""
