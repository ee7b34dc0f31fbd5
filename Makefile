# Written anew by the skeleton; see README.
