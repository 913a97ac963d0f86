"""The parts of the SPARQL endpoint: what is asked, what is refused, and the processes that answer."""
