//! The test harness.

pub(crate) mod abandon;
pub(crate) mod app;
pub(crate) mod book;
pub(crate) mod browser;
pub(crate) mod call;
pub(crate) mod contract;
pub(crate) mod database;
pub(crate) mod document;
pub(crate) mod file;
pub(crate) mod legacy;
pub(crate) mod markup;
pub(crate) mod page;
pub(crate) mod people;
pub(crate) mod process;
pub(crate) mod receiver;
pub(crate) mod space;
pub(crate) mod statement;
pub(crate) mod workbook;
