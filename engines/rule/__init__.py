"""Rules: IF … THEN, tags and values that hold while a condition holds, decision tables, and what time alone changes."""
