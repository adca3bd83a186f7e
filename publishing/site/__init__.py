"""What happens to a built site: made light, searched for secrets, put into place, bundled."""
