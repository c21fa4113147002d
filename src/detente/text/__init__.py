"""From an article to its sentences, and the normalisation every reader of text shares."""
