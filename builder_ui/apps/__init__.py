"""What is around the designers: an app from its start to its publish, its texts, roles and papers."""
