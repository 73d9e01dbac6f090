//! Signing in elsewhere: OpenID Connect providers, and what their claims make of a person here.
