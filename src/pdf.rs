//! PDF documents of headings, paragraphs and tables, tagged so that they can be read aloud, searched and copied.

use std::collections::BTreeMap;
use std::num::NonZeroU16;

use krilla::error::KrillaError;
use krilla::geom::Point;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::tagging::{ContentTag, Identifier, SpanTag, TableHeaderScope, Tag, TagGroup, TagKind, TagTree};
use krilla::text::{Font, TextDirection};
use krilla::{Document, SerializeSettings};

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading of a level, 1 for the title.
    Heading(u16, String),
    /// A paragraph.
    Paragraph(String),
    /// A table: the first row heads the columns, the first cell of each other row heads the row.
    Table(Vec<Vec<String>>),
}

/// An A4 page, in points, and its margin.
const PAGE: (f32, f32) = (595.0, 842.0);
const MARGIN: f32 = 54.0;
/// How many letters of the text fit into a line, and into the first column of a table.
const LINE: usize = 88;
const COLUMN: usize = 38;
/// Where the second column of a table begins.
const SECOND: f32 = MARGIN + 215.0;

/// A cell or a line of text at its place.
struct Piece {
    text: String,
    /// From the left.
    x: f32,
    size: f32,
    is_bold: bool,
    /// The block, the row in it, the cell in that.
    place: (usize, usize, usize),
}

/// Pieces that stand beside each other.
struct Row {
    pieces: Vec<Piece>,
    height: f32,
}

/// Writes a document.
///
/// # Errors
/// When a letter cannot be written.
pub fn write(title: &str, language: &str, blocks: &[Block]) -> Result<Vec<u8>, KrillaError> {
    let fonts = [dejavu::sans::regular(), dejavu::sans::bold()];
    let fonts = fonts.map(|font| Font::new(font.to_vec().into(), 0).expect("the font is whole"));
    let mut document = Document::new_with(SerializeSettings::default());
    document.set_metadata(Metadata::new().title(title.to_owned()).language(language.to_owned()));
    let mut identifiers: BTreeMap<(usize, usize, usize), Vec<Identifier>> = BTreeMap::new();
    for rows in pages(blocks) {
        let settings = PageSettings::from_wh(PAGE.0, PAGE.1).expect("a page has a size");
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        let mut y = MARGIN;
        for row in rows {
            y += row.height;
            for Piece { text, x, size, is_bold, place } in row.pieces {
                let id = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
                let font = fonts[usize::from(is_bold)].clone();
                surface.draw_text(Point::from_xy(x, y), font, size, &text, false, TextDirection::LeftToRight);
                surface.end_tagged();
                identifiers.entry(place).or_default().push(id);
            }
        }
        surface.finish();
        page.finish();
    }
    document.set_tag_tree(tags(blocks, identifiers));
    document.finish()
}

/// The rows of each page.
fn pages(blocks: &[Block]) -> Vec<Vec<Row>> {
    let mut pages = vec![Vec::new()];
    let mut used = 0.0;
    for row in blocks.iter().enumerate().flat_map(|(at, block)| rows(at, block)) {
        if used + row.height > PAGE.1 - 2.0 * MARGIN {
            pages.push(Vec::new());
            used = 0.0;
        }
        used += row.height;
        pages.last_mut().expect("there is a page").push(row);
    }
    pages
}

fn rows(at: usize, block: &Block) -> Vec<Row> {
    let lines = |text: &str, size: f32, is_bold: bool, first: f32| {
        let line = |(number, text): (usize, String)| {
            let piece = Piece { text, x: MARGIN, size, is_bold, place: (at, 0, 0) };
            Row { pieces: vec![piece], height: if number == 0 { first } else { size * 1.4 } }
        };
        wrapped(text, LINE).into_iter().enumerate().map(line).collect()
    };
    match block {
        Block::Heading(1, text) => lines(text, 16.0, true, 24.0),
        Block::Heading(_, text) => lines(text, 11.0, true, 26.0),
        Block::Paragraph(text) => lines(text, 9.0, false, 17.0),
        Block::Table(table) => {
            table.iter().enumerate().flat_map(|(number, cells)| table_row((at, number), cells)).collect()
        }
    }
}

/// A row of a table; a long first cell goes over several lines.
fn table_row((at, number): (usize, usize), cells: &[String]) -> Vec<Row> {
    let columns = u16::try_from(cells.len()).unwrap_or(u16::MAX).max(2) - 1;
    let width = (PAGE.0 - MARGIN - SECOND) / f32::from(columns);
    let piece = |(cell, text): (usize, &String)| Piece {
        text: text.clone(),
        x: if cell == 0 { MARGIN } else { SECOND + width * f32::from(u16::try_from(cell - 1).unwrap_or(u16::MAX)) },
        size: 8.5,
        is_bold: number == 0,
        place: (at, number, cell),
    };
    let mut first = wrapped(cells.first().map_or("", String::as_str), COLUMN);
    let rest = first.split_off(1.min(first.len()));
    let mut head: Vec<_> = first.iter().map(|text| piece((0, text))).collect();
    head.extend(cells.iter().enumerate().skip(1).map(piece));
    let more = rest.iter().map(|text| Row { pieces: vec![piece((0, text))], height: 11.5 });
    std::iter::once(Row { pieces: head, height: 14.0 }).chain(more).collect()
}

/// A text in lines of at most so many letters; a longer word has a line of its own.
fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is a line");
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() > most {
            lines.push(word.to_owned());
        } else {
            line.push(' ');
            line.push_str(word);
        }
    }
    lines
}

/// The structure of the document, of its pieces.
fn tags(blocks: &[Block], mut identifiers: BTreeMap<(usize, usize, usize), Vec<Identifier>>) -> TagTree {
    let mut group = |tag: TagKind, place: (usize, usize, usize)| {
        let mut group = TagGroup::new(tag);
        for identifier in identifiers.remove(&place).unwrap_or_default() {
            group.push(identifier);
        }
        group
    };
    let mut tree = TagTree::new();
    for (at, block) in blocks.iter().enumerate() {
        match block {
            Block::Heading(level, text) => {
                let level = NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN);
                tree.push(group(Tag::Hn(level, Some(text.clone())).into(), (at, 0, 0)));
            }
            Block::Paragraph(_) => tree.push(group(Tag::P.into(), (at, 0, 0))),
            Block::Table(table) => {
                let mut whole = TagGroup::new(Tag::Table);
                for (number, cells) in table.iter().enumerate() {
                    let mut row = TagGroup::new(Tag::TR);
                    for cell in 0..cells.len() {
                        let tag = match (number, cell) {
                            (0, _) => Tag::TH(TableHeaderScope::Column).into(),
                            (_, 0) => Tag::TH(TableHeaderScope::Row).into(),
                            _ => Tag::TD.into(),
                        };
                        row.push(group(tag, (at, number, cell)));
                    }
                    whole.push(row);
                }
                tree.push(whole);
            }
        }
    }
    tree
}

#[cfg(test)]
mod tests {
    use super::{Block, wrapped, write};

    #[test]
    fn a_document_is_tagged_and_has_as_many_pages_as_it_needs() {
        let table = vec![vec!["Chiffre".to_owned(), "Trimestre".to_owned()]; 100];
        let blocks = [Block::Heading(1, "Reçu".to_owned()), Block::Paragraph(String::new()), Block::Table(table)];
        let bytes = write("Reçu", "fr", &blocks).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(bytes.starts_with(b"%PDF-") && text.contains("/StructTreeRoot") && text.contains("/Count 2"));
    }

    #[test]
    fn lines_break_between_words() {
        assert_eq!(wrapped("un deux trois", 7), ["un deux", "trois"]);
        assert_eq!(wrapped("anticonstitutionnellement oui", 5), ["anticonstitutionnellement", "oui"]);
    }
}
