// Scripts come with the set-up.
