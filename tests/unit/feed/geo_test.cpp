#include "read.h"

namespace newswire::feed {
namespace {

struct Case {
  const char* name;
  std::string_view inside;  ///< of an item
  std::string_view geo;
};
class Geo : public testing::TestWithParam<Case> {};
TEST_P(Geo, IsKeptAsCoordinates) { EXPECT_EQ(read_item(GetParam().inside).geo, GetParam().geo); }
INSTANTIATE_TEST_SUITE_P(
    Elements, Geo,
    testing::Values(
        Case{"point", "<georss:point>45.256, -71.92</georss:point>", "45.256 -71.92"},
        Case{"line", "<georss:line>45.2 -110.4 46.4 -109.4</georss:line>", "45.2 -110.4 46.4 -109.4"},
        Case{"circle", "<georss:circle>42.9 -71.3 500</georss:circle>", "42.9 -71.3 500"},
        Case{"by_another_prefix", "<g:box xmlns:g='http://www.georss.org/georss'>1 2\n3 4</g:box>", "1 2 3 4"},
        Case{"where_point", "<georss:where><gml:Point><gml:pos>1 2</gml:pos></gml:Point></georss:where>", "1 2"},
        Case{"where_envelope",
             "<georss:where><gml:Envelope><gml:lowerCorner>1 2</gml:lowerCorner>\n<gml:upperCorner>3 "
             "4</gml:upperCorner></gml:Envelope></georss:where>",
             "1 2 3 4"},
        Case{"where_polygon",
             "<georss:where><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>1 2 3 4 1 "
             "2</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></georss:where>",
             "1 2 3 4 1 2"},
        Case{"gml_alone", "<gml:Point><gml:coordinates>1,2</gml:coordinates></gml:Point>", "1 2"},
        Case{"basic_geo", "<geo:lat>26.58</geo:lat><geo:long>-97.83</geo:long>", "26.58 -97.83"},
        Case{"basic_geo_point", "<geo:Point><geo:lat>1</geo:lat><geo:lon>2</geo:lon></geo:Point>", "1 2"},
        Case{"icbm", "<icbm:latitude>1</icbm:latitude><icbm:longitude>2</icbm:longitude>", "1 2"},
        Case{"half_a_place", "<geo:lat>1</geo:lat>", ""},
        Case{"shape_before_point", "<geo:lat>1</geo:lat><geo:long>2</geo:long><georss:point>3 4</georss:point>", "3 4"},
        Case{"empty", "<georss:where/><georss:point/>", ""}),
    [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace newswire::feed
