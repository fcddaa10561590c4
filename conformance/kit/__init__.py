"""What the checks share: the server, the data it serves, and the clients' environment."""
