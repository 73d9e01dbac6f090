//! Letters as they are read, and as a real mail server receives them.

mod folder;
mod letters;
mod smtp;
