"""What scripts import to talk to the Application Manager that runs them."""
