# Tests of extraction.
target_sources(test_clean PRIVATE extract_test.cpp language_test.cpp metadata_test.cpp plain_text_test.cpp)
target_link_libraries(test_clean PRIVATE Boost::json)
