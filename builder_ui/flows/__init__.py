"""The flow designer: the graph, its drawing, its commands and the rehearsal."""
