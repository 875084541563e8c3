"""The glossary in the formats of other programs: a text each, or the texts of a folder."""
