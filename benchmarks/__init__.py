"""What the platform costs, as ratios in one run against an app written by hand."""
