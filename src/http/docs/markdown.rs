//! Turns a Markdown file of the repository into a page. HTML in the file is text like any other.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use super::page::{Anchors, Page, Section};

/// Where the links of a file lead: the address of a target; `None` where it is not published, and the text stands alone.
pub(super) type Links<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The page of a file.
pub(super) fn render(slug: &'static str, text: &str, links: Links<'_>) -> Page {
    let mut renderer = Renderer::new(links);
    let mut shown = Vec::new();
    let mut rest = Parser::new_ext(text, Options::ENABLE_TABLES).map(literal);
    while let Some(event) = rest.next() {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                let heading = rest.by_ref().take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))));
                let heading: Vec<_> = heading.collect();
                shown.extend(renderer.heading(level, heading));
            }
            event => shown.extend(renderer.event(event)),
        }
    }
    let mut html = String::with_capacity(text.len() * 2);
    html::push_html(&mut html, shown.into_iter());
    // What can be scrolled sideways can be reached with the keyboard.
    let html = html.replace("<pre>", "<pre tabindex=\"0\">");
    let sections = renderer.finished();
    Page { slug, title: sections[0].title.clone(), html, sections }
}

struct Renderer<'a> {
    links: Links<'a>,
    anchors: Anchors,
    /// For each link that is open, whether it leads anywhere.
    open_links: Vec<bool>,
    /// Whether the text is that of a block of code.
    in_code: bool,
    sections: Vec<Section>,
    /// The code of the last section, which comes behind its text: what is found is shown with text around it.
    code: String,
}

impl<'a> Renderer<'a> {
    fn new(links: Links<'a>) -> Self {
        let sections = vec![Section { level: 1, ..Section::default() }];
        Self {
            links,
            anchors: Anchors::default(),
            open_links: Vec::new(),
            in_code: false,
            sections,
            code: String::new(),
        }
    }

    /// The sections, the last one with its code.
    fn finished(mut self) -> Vec<Section> {
        self.end_section();
        self.sections
    }

    fn end_section(&mut self) {
        let code = std::mem::take(&mut self.code);
        if let Some(section) = self.sections.last_mut() {
            section.text.push_str(&code);
        }
    }

    /// Begins a section. The first heading is the title of the page, which its frame shows.
    fn heading<'t>(&mut self, level: HeadingLevel, content: Vec<Event<'t>>) -> Vec<Event<'t>> {
        let title: String = content.iter().filter_map(text_of).collect();
        if level == HeadingLevel::H1 {
            self.sections[0].title = title;
            return Vec::new();
        }
        self.end_section();
        let anchor = self.anchors.of(&title);
        let begin = format!("<{level} id=\"{anchor}\"><a href=\"#{anchor}\">");
        let mut shown = vec![Event::Html(begin.into())];
        shown.extend(content);
        shown.push(Event::Html(format!("</a></{level}>\n").into()));
        self.sections.push(Section { level: level as u8, anchor, title, text: String::new() });
        shown
    }

    fn event<'t>(&mut self, event: Event<'t>) -> Vec<Event<'t>> {
        self.note_text(&event);
        match event {
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let address = (self.links)(&dest_url);
                self.open_links.push(address.is_some());
                let link = |address: String| Tag::Link { link_type, dest_url: address.into(), title, id };
                address.map(|address| Event::Start(link(address))).into_iter().collect()
            }
            Event::End(TagEnd::Link) => {
                let leads = self.open_links.pop() == Some(true);
                if leads { vec![event] } else { Vec::new() }
            }
            Event::Start(Tag::Table(_)) => vec![Event::Html("<div class=\"wide\" tabindex=\"0\">".into()), event],
            Event::End(TagEnd::Table) => vec![event, Event::Html("</div>".into())],
            event => vec![event],
        }
    }

    /// Adds the text of an event to the section.
    fn note_text(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => self.in_code = true,
            Event::End(TagEnd::CodeBlock) => self.in_code = false,
            _ => {}
        }
        let text =
            if self.in_code { Some(&mut self.code) } else { self.sections.last_mut().map(|last| &mut last.text) };
        if let Some(text) = text {
            text.push_str(text_of(event).unwrap_or_default());
            let within_words = matches!(event, Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link));
            if matches!(event, Event::End(_)) && !within_words {
                text.push(' ');
            }
        }
    }
}

/// HTML as the text that it is.
fn literal(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        event => event,
    }
}

/// The text of an event, without its form.
fn text_of<'a>(event: &'a Event<'_>) -> Option<&'a str> {
    match event {
        Event::Text(text) | Event::Code(text) => Some(text),
        Event::SoftBreak | Event::HardBreak => Some(" "),
        _ => None,
    }
}

/// A short Markdown text of the contract as HTML; its links stay as they are.
pub(super) fn fragment(text: &str) -> String {
    let mut html = String::new();
    html::push_html(&mut html, Parser::new_ext(text, Options::empty()).map(literal));
    html
}

/// The text of a short Markdown text, in one line.
pub(super) fn plain(text: &str) -> String {
    let text: String = Parser::new_ext(text, Options::empty())
        .filter_map(|event| match event {
            Event::End(TagEnd::Paragraph) => Some(" ".to_owned()),
            event => text_of(&event).map(str::to_owned),
        })
        .collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{fragment, render};

    fn shown(text: &str) -> super::Page {
        render("a", text, &|target| (target != "secret.md").then(|| format!("/docs/{target}")))
    }

    #[test]
    fn html_is_text() {
        let page = shown("# A\n\n<script>1</script> and <b>bold</b>\n\n<div>\n\n## `<i>` <u>x</u>\n");
        assert!(
            !page.html.contains("<script>")
                && !page.html.contains("<b>")
                && !page.html.contains("<div>")
                && !page.html.contains("<u>")
        );
        assert!(page.html.contains("&lt;script&gt;") && page.html.contains("&lt;i&gt;"), "{}", page.html);
        assert!(!fragment("a <b>bold</b> word").contains("<b>"));
    }

    #[test]
    fn links_to_what_is_not_published_are_dropped() {
        let page = shown("# A\n\n[one](one.md) and [two](secret.md)");
        assert_eq!(page.html, "<p><a href=\"/docs/one.md\">one</a> and two</p>\n");
    }

    #[test]
    fn headings_are_sections_with_an_anchor_each() {
        let page =
            shown("# The *page*\n\nFirst.\n\n## Été & `ETag`\n\n```sh\ncode\n```\n\nSecond **word**.\n\n## Été ETag\n");
        assert_eq!(page.title, "The page");
        let told: Vec<_> = page.sections.iter().map(|section| (section.anchor.as_str(), section.text.trim())).collect();
        assert_eq!(told, [("", "First."), ("ete--etag", "Second word. code"), ("ete-etag", "")]);
        assert!(page.html.contains("<h2 id=\"ete--etag\"><a href=\"#ete--etag\">"), "{}", page.html);
    }
}
