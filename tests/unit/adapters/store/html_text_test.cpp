#include "adapters/store/html_text.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;

TEST_CASE("HTML becomes plain text") {
  CHECK(text_of_html("<p>One</p>\n<p>Two</p>") == "One Two");
  CHECK(text_of_html("5 &lt; 6 &amp;&nbsp;7 &#8364; &#x41;") == "5 < 6 & 7 € A");
  CHECK(text_of_html("&unknown; &#0; &#xD800;") == "&unknown; &#0; &#xD800;");
  CHECK(text_of_html("").empty());
}

TEST_CASE("Only what begins or ends a block parts words") {
  CHECK(text_of_html("<b>cool</b>, <i>li</i>ght<br>and<BR/>soft") == "cool, light and soft");
  CHECK(text_of_html("<ul><li>One</li><li>Two</li></ul>") == "One Two");
  CHECK(text_of_html("<table><tr><td>A</td><td>B</td></tr></table>") == "A B");
}

TEST_CASE("A sign that is no tag stays") {
  CHECK(text_of_html("a < b") == "a < b");
  CHECK(text_of_html("<p>3 < 5 cm</p> <3 <") == "3 < 5 cm <3 <");
  CHECK(text_of_html("one <b two") == "one <b two");
  CHECK(text_of_html("<img alt=\"a > b\">One") == "One");
  CHECK(text_of_html("<p title=\"open>One</p> it's <b>two</b>") == "One it's two");
}

TEST_CASE("Styles, scripts and comments are no text") {
  CHECK(text_of_html("<STYLE type='x'>p > a{color:red}</Style >One<script>if (a < b) "
                     "\"</p>\"</script>Two")
        == "OneTwo");
  CHECK(text_of_html("One<!-- buy at $2 > from Acme -->Two<!-->Three<!doctype html>")
        == "OneTwoThree");
  CHECK(text_of_html("One<!-- never ended") == "One");
  CHECK(text_of_html("One<style>never ended") == "One");
}

TEST_CASE("The usual entities are known") {
  CHECK(text_of_html(
          "Cr&egrave;me br&ucirc;l&eacute;e &frac12;&thinsp;l &euro;5 &bull; &copy; 2&times;2")
        == "Crème brûlée ½ l €5 • © 2×2");
  CHECK(text_of_html("&Eacute;&yuml;&szlig;&hellip;&trade;&starf;") == "Éÿß…™★");
  CHECK(text_of_html("hy&shy;phen") == "hyphen");
  CHECK(text_of_html("R&D; &#99999999999; &;") == "R&D; &#99999999999; &;");
}

TEST_CASE("HTML that never ends what it begins is read once") {
  // Each of these would take minutes if every sign looked to the end.
  for (const auto* piece : {"<a ", "<a ='>", "<a =\">\" ", "&", "<!--", "<style>", "</", "<"}) {
    INFO(piece);
    std::string html;
    while (html.size() < 1'000'000)
      html += piece;
    CHECK(text_of_html(html).size() <= html.size());
  }
}
