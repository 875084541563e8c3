"""What a file is: its input type, what each column means, and what nothing uses."""
