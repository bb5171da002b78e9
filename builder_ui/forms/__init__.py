"""The form designer: fields, their panels and their past."""
