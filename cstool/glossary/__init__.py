"""The entries: read from YAML (`loading`), cached (`store`), checked, found (`finding`) and searched."""
