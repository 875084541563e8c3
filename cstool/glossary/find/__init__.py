"""From what people type to entries: exact names, near names, questions, descriptions, full text."""
