//! The query of a deposit of a month.

use crate::api::DepositQuery;
use crate::domain::finding::Param;
use crate::domain::rule::RuleSet;
use crate::http::extract::{Parameters, QueryReader};
use crate::words;

/// The query, whose `rules` are those in force unless it is a dry run.
pub(super) struct StatementDepositQuery {
    pub(super) deposit: DepositQuery,
    pub(super) rules: RuleSet,
}

impl Parameters for StatementDepositQuery {
    fn read(query: &mut QueryReader) -> Self {
        let deposit = DepositQuery::read(query);
        let rules = query.optional("rules", words::api::RULE_SETS).unwrap_or_default();
        if rules == RuleSet::Next && !deposit.dry_run {
            query.malformed("rules", "next", Param::Text(words::api::NEXT_RULES));
        }
        Self { deposit, rules }
    }
}
