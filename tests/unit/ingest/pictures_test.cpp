#include "ingest/pictures.h"

#include <gtest/gtest.h>

#include <utility>

namespace newswire::ingest {
namespace {

feed::Media picture(std::string url, std::string description) {
  feed::Media media;
  media.url = std::move(url);
  media.medium = "image";
  media.description = std::move(description);
  return media;
}

article::Article with(const feed::Entry& entry, std::string text, std::string html, bool keep_html = true) {
  article::Article article;
  article.title = "Boats";
  article.summary = "What the summary says of the boats";
  article.content_text = std::move(text);
  article.content_html = std::move(html);
  article.completeness = article.content_text.empty() ? "title" : "full";
  add_pictures(entry, keep_html, article);
  return article;
}

TEST(Pictures, FollowTheContentWithTheirCaptions) {
  feed::Entry entry;
  entry.media = {picture("https://example.org/1.jpg?a=1&b=2", "A boat\nin the \"ice\""),
                 picture("https://example.org/2.jpg", "<p>The <b>harbour</b> &amp; the crane</p>")};
  const auto article = with(entry, "Look.", "<p>Look.</p>");
  EXPECT_EQ(article.content_text, "Look.\n\nA boat\nin the \"ice\"\n\nThe harbour & the crane");
  EXPECT_EQ(article.content_html,
            "<p>Look.</p><figure><img src=\"https://example.org/1.jpg?a=1&amp;b=2\"><figcaption>A boat<br>in the "
            "\"ice\"</figcaption></figure><figure><img src=\"https://example.org/2.jpg\"><figcaption>The harbour "
            "&amp; the crane</figcaption></figure>");
  EXPECT_EQ(article.completeness, "full");
}

TEST(Pictures, AreTheContentOfAnEntryThatHasNoOther) {
  feed::Entry entry;
  entry.media = {picture("https://example.org/1.jpg", "A boat in the ice")};
  const auto article = with(entry, "", "");
  EXPECT_EQ(article.content_text, "A boat in the ice");
  EXPECT_EQ(article.completeness, "summary");
}

TEST(Pictures, AreNotShownTwice) {
  feed::Entry entry;
  entry.media = {picture("https://example.org/1.jpg?a=1&b=2", "A boat in the ice")};
  const auto article = with(entry, "Look.", "<img src=\"https://example.org/1.jpg?a=1&amp;b=2\"><p>Look.</p>");
  EXPECT_EQ(article.content_html,
            "<img src=\"https://example.org/1.jpg?a=1&amp;b=2\"><p>Look.</p><figure><figcaption>A boat in the "
            "ice</figcaption></figure>");
}

TEST(Pictures, SayNothingTwice) {
  feed::Entry entry;
  entry.media = {picture("https://example.org/1.jpg", "Boats"),
                 picture("https://example.org/2.jpg", "What the summary\nsays of the boats"),
                 picture("https://example.org/3.jpg", "the text of it"),
                 picture("https://example.org/4.jpg", "New words"), picture("https://example.org/5.jpg", "New words")};
  EXPECT_EQ(with(entry, "This is\nthe text of it.", "<p>…</p>").content_text, "This is\nthe text of it.\n\nNew words");
}

TEST(Pictures, CannotSmuggleMarkupIn) {
  feed::Entry entry;
  entry.media = {picture("javascript:alert(1)", "1 < 2 <img src=x onerror=alert(1)>"),
                 picture("https://example.org/\"onload=\"alert(1)", "a & b")};
  EXPECT_EQ(with(entry, "", "").content_html,
            "<figure><figcaption>1 &lt; 2</figcaption></figure><figure><img src=\"https://example.org/&quot;onload="
            "&quot;alert(1)\"><figcaption>a &amp; b</figcaption></figure>");
}

TEST(Pictures, OnlyPicturesAndNoMarkupWhereNoneIsWanted) {
  feed::Entry entry;
  entry.media = {picture("https://example.org/1.jpg", "A boat"), picture("https://example.org/2.mp4", "A film")};
  entry.media[1].medium = "video";
  const auto article = with(entry, "Look.", "", false);
  EXPECT_EQ(article.content_text, "Look.\n\nA boat");
  EXPECT_EQ(article.content_html, "");
}

TEST(Pictures, AreBounded) {
  feed::Entry entry;
  for (int i = 0; i < 1000; ++i)
    entry.media.push_back(picture("https://example.org/" + std::to_string(i), "Picture " + std::to_string(i) + "."));
  const auto article = with(entry, "", "");
  EXPECT_TRUE(article.content_text.ends_with("Picture 15."));
}

}  // namespace
}  // namespace newswire::ingest
