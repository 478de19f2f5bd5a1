#include "base/url.h"

#include <gtest/gtest.h>

namespace newswire {
namespace {

struct ResolveCase {
  const char* name;
  const char* base;
  const char* reference;
  const char* resolved;
};
class ResolveUrl : public testing::TestWithParam<ResolveCase> {};

TEST_P(ResolveUrl, GivesTheAbsoluteUrl) {
  EXPECT_EQ(resolve_url(GetParam().base, GetParam().reference), GetParam().resolved);
}

constexpr const char* kBase = "http://a/b/c/d;p?q";
INSTANTIATE_TEST_SUITE_P(
    Rfc3986Section54, ResolveUrl,
    testing::Values(
        ResolveCase{"other_scheme", kBase, "g:h", "g:h"}, ResolveCase{"sibling", kBase, "g", "http://a/b/c/g"},
        ResolveCase{"dot", kBase, "./g", "http://a/b/c/g"}, ResolveCase{"folder", kBase, "g/", "http://a/b/c/g/"},
        ResolveCase{"rooted", kBase, "/g", "http://a/g"}, ResolveCase{"network", kBase, "//g", "http://g"},
        ResolveCase{"query", kBase, "?y", "http://a/b/c/d;p?y"},
        ResolveCase{"sibling_query", kBase, "g?y", "http://a/b/c/g?y"},
        ResolveCase{"fragment", kBase, "#s", "http://a/b/c/d;p?q#s"},
        ResolveCase{"params", kBase, ";x", "http://a/b/c/;x"}, ResolveCase{"empty", kBase, "", "http://a/b/c/d;p?q"},
        ResolveCase{"here", kBase, ".", "http://a/b/c/"}, ResolveCase{"up", kBase, "..", "http://a/b/"},
        ResolveCase{"up_sibling", kBase, "../g", "http://a/b/g"}, ResolveCase{"up_up", kBase, "../../g", "http://a/g"},
        ResolveCase{"above_the_root", kBase, "../../../g", "http://a/g"},
        ResolveCase{"dots_inside", kBase, "g/./h", "http://a/b/c/g/h"},
        ResolveCase{"up_inside", kBase, "g/../h", "http://a/b/c/h"},
        ResolveCase{"dots_in_query_stay", kBase, "g?y/../x", "http://a/b/c/g?y/../x"},
        ResolveCase{"same_scheme_without_slashes", kBase, "http:g", "http://a/b/c/g"}),
    [](const auto& tested) { return std::string(tested.param.name); });

INSTANTIATE_TEST_SUITE_P(
    RealFeeds, ResolveUrl,
    testing::Values(ResolveCase{"white_space_around", "http://x.org/", " \n/a ", "http://x.org/a"},
                    ResolveCase{"space_inside", "http://x.org/", "a b.html", "http://x.org/a%20b.html"},
                    ResolveCase{"backslashes", "http://x.org/", "\\a\\b?c\\d", "http://x.org/a/b?c\\d"},
                    ResolveCase{"base_without_path", "http://x.org", "a", "http://x.org/a"},
                    ResolveCase{"no_base", "", "a/b", "a/b"}, ResolveCase{"opaque_base", "mailto:a@b", "c", "c"},
                    ResolveCase{"not_ascii", "http://x.org/", "/ü", "http://x.org/ü"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(RedactUrl, HidesUserPasswordAndSecretParameters) {
  EXPECT_EQ(redact_url("https://u:p@x.org/f?token=abc&page=2#f"), "https://x.org/f?token=…&page=2");
}

TEST(CanonicalLink, IgnoresWhatPublishersChangeWithoutMeaning) {
  EXPECT_EQ(canonical_link("https://www.Example.org/a/?b=c"), canonical_link("http://example.org:80/a?b=c"));
  EXPECT_NE(canonical_link("http://example.org/a?b=c"), canonical_link("http://example.org/a?b=d"));
  EXPECT_NE(canonical_link("http://example.org/changes#1.2"), canonical_link("http://example.org/changes#1.3"));
}

TEST(OriginOf, LeavesOutDefaultPorts) {
  EXPECT_EQ(origin_of("HTTPS://Example.org:443/a"), "https://example.org");
  EXPECT_EQ(origin_of("http://[::1]:8080/a"), "http://[::1]:8080");
  EXPECT_EQ(host_of("http://u@[::1]:8080/a"), "::1");
}

}  // namespace
}  // namespace newswire
