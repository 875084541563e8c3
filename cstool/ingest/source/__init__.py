"""From a path or stdin to rows of text: unpacked, decoded, the header found, the fields split."""
