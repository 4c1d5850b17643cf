"""From an answer in the wizard to the renewed panel on the screen, beside a view that does nothing."""
