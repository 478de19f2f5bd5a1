# Extraction: articles out of pages and out of text that lost its markup.
target_sources(newswire_clean PRIVATE
  extract.cpp language.cpp metadata.cpp metadata_date.cpp metadata_jsonld.cpp metadata_names.cpp metadata_relative.cpp metadata_shown.cpp
  page_article.cpp page_charset.cpp page_facts.cpp page_hints.cpp page_labels.cpp page_lead.cpp page_prune.cpp
  page_select.cpp page_tree.cpp plain_furniture.cpp plain_head.cpp plain_lines.cpp plain_sections.cpp plain_teasers.cpp
  plain_text.cpp plain_wording.cpp)
target_link_libraries(newswire_clean PUBLIC newswire_feed PRIVATE Boost::json PkgConfig::uchardet ${NEWSWIRE_CLD2})
