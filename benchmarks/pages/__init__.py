"""Every page of the demo organisation in a real browser: what it weighs, whether it fits, what axe says."""
