//! The list of what this crate sends. What questions send is without end; the golden ones stand for them.

use model::Model;
use query::Invalid;
use warehouse::{Dialect, Statement};

use crate::golden::{QUESTIONS, planned, snapshot};
use crate::select::select;
use crate::{extent, live, snapshot as states};

/// Every statement that reads for answers.
pub fn statements(dialect: Dialect, model: &Model) -> Result<Vec<Statement>, Invalid> {
    let mut out = vec![
        Statement::new("engine: read how far the sites are", states::STATES),
        Statement::new("engine: read what is not ready", states::UNREADY),
        Statement::new("engine: read which warehouse it is", states::INSTALLATION),
        Statement::new("engine: read how much is stored", extent::READ),
    ];
    if dialect == Dialect::Postgres {
        out.push(Statement::new("engine: read which transactions are open", live::OLDEST));
        out.push(Statement::new("engine: read what is live", live::READ));
    }
    let snapshot = snapshot();
    for (role, question) in QUESTIONS {
        let plan = planned(*role, question, model, &snapshot)?;
        let parts = [Some(&plan.current), plan.compared.as_ref()];
        for stretch in parts.into_iter().flatten().flat_map(|part| &part.stretches) {
            let sql = select(&plan, model, stretch, dialect).sql;
            out.push(Statement::new(format!("engine: {role} asks {question}"), sql));
        }
    }
    Ok(out)
}
