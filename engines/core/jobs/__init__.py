"""Everything that must happen later: jobs, the workers that do them, schedules, and what went wrong."""
