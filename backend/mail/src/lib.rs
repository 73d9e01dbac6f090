//! Letters to people: what they say, in the recipient's language, and how they are sent.
