"""Documentation for people, generated from the ontology: terms, rules, alignment and concept schemes."""
