"""One formula language for rules, filters, permissions and computed fields: parsed, typed, run in Python and in SQL."""
