//! Adds the formats of the marks and of the list of findings to a styles part; existing formats keep their indexes.

use super::sheet::Formats;
use super::xml::{Edits, Element, NotEditable, with_attribute};

/// The elements of a styles part, in the order of ISO/IEC 29500-1, 18.8.39.
const ORDER: [&str; 11] = [
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
    "colors",
    "extLst",
];

/// A styles part with the mandatory formats only.
pub(super) const EMPTY: &str = "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
    <fonts count=\"1\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>\
    <fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills>\
    <borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
    <cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>\
    <cellXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/></cellXfs></styleSheet>";

/// The cell formats of the list, as indexes into the styles part.
#[derive(Debug, Clone, Copy)]
pub(super) struct ListFormats {
    pub(super) title: usize,
    pub(super) quiet: usize,
    pub(super) header: usize,
    pub(super) text: usize,
    pub(super) link: usize,
    pub(super) count: usize,
    pub(super) code: usize,
    pub(super) error: usize,
    pub(super) warning: usize,
}

const ERROR: (&str, &str) = ("FFF8C7C2", "FFB3261E");
const WARNING: (&str, &str) = ("FFFFE7A6", "FF9A6A00");

/// The styles part with the formats of the marks and the list, and their indexes.
pub(super) fn add_styles(xml: &[u8]) -> Result<(String, Formats, ListFormats), NotEditable> {
    let styles = Element::root(xml)?;
    let mut edits = Edits::default();
    let mut add = |name: &str, items: &[String]| append(&styles, name, items, &mut edits);
    let fonts = [
        "<b/><sz val=\"16\"/><color rgb=\"FF1F4E5F\"/><name val=\"Calibri\"/>",
        "<sz val=\"11\"/><color rgb=\"FF6B767D\"/><name val=\"Calibri\"/>",
        "<b/><sz val=\"11\"/><color rgb=\"FFFFFFFF\"/><name val=\"Calibri\"/>",
        "<sz val=\"11\"/><color rgb=\"FF000000\"/><name val=\"Calibri\"/>",
        "<u/><sz val=\"11\"/><color rgb=\"FF1F4E5F\"/><name val=\"Calibri\"/>",
        "<b/><sz val=\"11\"/><color rgb=\"FF000000\"/><name val=\"Calibri\"/>",
    ];
    let font = add("fonts", &fonts.map(|font| format!("<font>{font}</font>")))?;
    let fills = ["FF1F4E5F", ERROR.0, WARNING.0];
    let fill = add("fills", &fills.map(fill_style))?;
    let border = add("borders", &[format!("<border>{}<diagonal/></border>", lines("FFC9D1D6"))])?;
    let top = "<alignment vertical=\"top\" wrapText=\"1\"/>";
    let centred = "<alignment horizontal=\"center\" vertical=\"top\"/>";
    let format = |font: usize, fill: usize, border: usize, alignment: &str| {
        format!(
            "<xf numFmtId=\"0\" fontId=\"{font}\" fillId=\"{fill}\" borderId=\"{border}\" xfId=\"0\" applyFont=\"1\" \
             applyFill=\"1\" applyBorder=\"1\" applyAlignment=\"1\">{alignment}</xf>"
        )
    };
    let first = add(
        "cellXfs",
        &[
            format(font, 0, 0, ""),
            format(font + 1, 0, 0, ""),
            format(font + 2, fill, border, top),
            format(font + 3, 0, border, top),
            format(font + 4, 0, border, top),
            format(font + 3, 0, border, centred),
            format(font + 1, 0, border, top),
            format(font + 5, fill + 1, border, top),
            format(font + 5, fill + 2, border, top),
        ],
    )?;
    let shown = |(fill, line): (&str, &str)| {
        format!("<dxf><font><color rgb=\"FF000000\"/></font>{}<border>{}</border></dxf>", fill_style(fill), lines(line))
    };
    let error = add("dxfs", &[shown(ERROR), shown(WARNING)])?;
    let list = ListFormats {
        title: first,
        quiet: first + 1,
        header: first + 2,
        text: first + 3,
        link: first + 4,
        count: first + 5,
        code: first + 6,
        error: first + 7,
        warning: first + 8,
    };
    Ok((edits.apply(styles.xml), Formats { error, warning: error + 1 }, list))
}

/// A fill of one colour. A cell's format uses the foreground, a conditional one the background.
fn fill_style(colour: &str) -> String {
    format!(
        "<fill><patternFill patternType=\"solid\"><fgColor rgb=\"{colour}\"/><bgColor rgb=\"{colour}\"/></patternFill></fill>"
    )
}

fn lines(colour: &str) -> String {
    ["left", "right", "top", "bottom"]
        .map(|side| format!("<{side} style=\"thin\"><color rgb=\"{colour}\"/></{side}>"))
        .concat()
}

/// Appends formats, each an element, to a list of them, and returns the index of the first.
fn append(styles: &Element<'_>, name: &str, items: &[String], edits: &mut Edits) -> Result<usize, NotEditable> {
    let (prefix, count) = (styles.prefix, items.len());
    let items = with_prefix(&items.concat(), prefix);
    let Some(child) = styles.child(name) else {
        let list = format!("<{prefix}{name} count=\"{count}\">{items}</{prefix}{name}>");
        styles.insert(name, &ORDER, &list, edits);
        return Ok(0);
    };
    let list = Element::root(styles.text_of(child).as_bytes())?;
    let mut inner = Edits::default();
    list.append(&items, &mut inner);
    let grown = inner.apply(list.xml);
    let first = list.children.len();
    let tag = Element::root(grown.as_bytes())?.tag;
    let counted = with_attribute(&grown[tag.clone()], "count", &(first + count).to_string());
    edits.replace(child.range.clone(), counted + &grown[tag.end..]);
    Ok(first)
}

/// The gateway's elements with the prefix that the part uses.
pub(super) fn with_prefix(xml: &str, prefix: &str) -> String {
    if prefix.is_empty() {
        return xml.to_owned();
    }
    let mut prefixed = String::with_capacity(xml.len() * 2);
    let mut rest = xml;
    while let Some(at) = rest.find('<') {
        let end = if rest[at + 1..].starts_with('/') { at + 2 } else { at + 1 };
        prefixed.push_str(&rest[..end]);
        prefixed.push_str(prefix);
        rest = &rest[end..];
    }
    prefixed + rest
}
