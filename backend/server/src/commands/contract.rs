//! `octavo contract`: writes what is generated from the code and committed.

use anyhow::{Context, ensure};
use model::Model;

use crate::cli::ContractArgs;
use crate::metrics_page::metrics_page;

pub fn run(args: &ContractArgs) -> anyhow::Result<()> {
    let openapi = api::openapi().to_pretty_json()? + "\n";
    for (path, text) in [
        ("openapi/openapi.json", openapi),
        ("openapi/schema.graphql", api::graphql::sdl()),
        ("docs/METRICS.md", metrics_page(&Model::embedded()?)),
    ] {
        let path = args.root.join(path);
        if args.check {
            let committed = std::fs::read_to_string(&path).unwrap_or_default();
            ensure!(committed == text, "{} is not what the code says: `make contracts`, and review", path.display());
        } else {
            std::fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))?;
            println!("{}", path.display());
        }
    }
    Ok(())
}
