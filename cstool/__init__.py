"""The executable customer-success glossary. As a library: `from cstool import api`."""

__version__ = "0.1.0"
