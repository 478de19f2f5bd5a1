#pragma once

#include "clean/html.h"

namespace newswire::clean {

/// Takes out of a page what is no text to read: scripts, styles, form controls, embedded programs, vector graphics,
/// comments, and, with `drop_hidden`, what the page hides by attribute or inline style.
void drop_machinery(Tree& tree, bool drop_hidden);

/// Gives every run of text an element of its own: text and inline elements that stand beside blocks are wrapped in
/// paragraphs, two or more <br> in a row separate paragraphs. Afterwards an element that contains blocks contains
/// nothing else, and an element without blocks inside ("leaf block") is one run of text. Linear.
void wrap_paragraphs(Tree& tree);

}  // namespace newswire::clean
