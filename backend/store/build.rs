//! The migrations are embedded when this crate is compiled, so a new file among them must compile it again.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations/app");
    println!("cargo:rerun-if-changed=../../migrations/warehouse");
}
