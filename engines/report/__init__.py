"""Reports: definitions in, small frames and charts out; every number under its reader's rights."""
