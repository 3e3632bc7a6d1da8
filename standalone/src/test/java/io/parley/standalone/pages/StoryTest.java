package io.parley.standalone.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoryTest {
    private final Story story = new Story("-7");

    private static JsonElement json(String text) {
        return JsonParser.parseString(text.replace('\'', '"'));
    }

    @Test
    void users_have_other_names() {
        assertThat(story.actual("chat/alice~bob/msg")).isEqualTo("chat/alice-7~bob-7/msg");
        assertThat(story.actual("chat/@bob/msg")).isEqualTo("chat/@bob-7/msg");
        assertThat(story.published(json("{'block':{'user':'mallory'},'n':[1,true]}")))
                .isEqualTo(json("{'block':{'user':'mallory-7'},'n':[1,true]}"));
        assertThat(story.difference(json("{'from':'alice'}"), json("{'from':'alice-7'}")))
                .isNull();
        assertThat(story.difference(json("{'from':'alice'}"), json("{'from':'bob-7'}")))
                .isNotNull();
    }

    @Test
    void an_id_stands_for_what_came_first() {
        assertThat(story.difference(json("{'conversation':'g1'}"), json("{'conversation':'gabc'}")))
                .isNull();
        assertThat(story.actual("chat/g1/msg")).isEqualTo("chat/gabc/msg");
        assertThat(story.published(json("{'leave':{'conversation':'g1'}}")))
                .isEqualTo(json("{'leave':{'conversation':'gabc'}}"));
        assertThat(story.difference(json("{'message':'no g1 of bob'}"), json("{'message':'no gabc of bob-7'}")))
                .isNull();
        assertThat(story.difference(json("{'conversation':'g1'}"), json("{'conversation':'gxyz'}")))
                .isNotNull();
    }

    @Test
    void nothing_is_kept_of_what_differs() {
        assertThat(story.difference(json("{'conversation':'g1','seq':2}"), json("{'conversation':'gabc','seq':1}")))
                .isNotNull();
        assertThat(story.difference(json("{'conversation':'g1','seq':2}"), json("{'conversation':'gxyz','seq':2}")))
                .isNull();
    }

    @Test
    void what_a_device_sent_comes_back_as_it_is() {
        story.published(json("{'id':'m1','text':'hi'}"));
        assertThat(story.difference(json("{'id':'m1'}"), json("{'id':'m1'}"))).isNull();
        assertThat(story.difference(json("{'id':'m1'}"), json("{'id':'m2'}"))).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{'at':'2026-01-01T00:00:00Z'};            {'at':'2027-02-03T04:05:06.789Z'}; true",
                "{'at':'2026-01-01T00:00:00Z'};            {'at':'yesterday'};                false",
                "{'seq':1};                                {'seq':2};                         false",
                "{'seq':1};                                {'seq':'1'};                       false",
                "{'read':1};                               {'read':2};                        true",
                "{'read':1};                               {};                                false",
                "{};                                       {'read':1};                        false",
                "{'text':'a'};                             {'text':'b'};                      false",
                "{'online':true};                          {'online':false};                  false",
                "{'users':['bob']};                        {'users':['bob-7','carol-7']};     false",
                "{'presence':[{'user':'bob'}]};            {'presence':[{'user':'carol-7'},{'user':'bob-7'}]}; true",
                "{'presence':[{'user':'bob'}]};            {'presence':[{'user':'carol-7'}]}; false"
            })
    void only_what_is_made_anew_may_differ(String example, String came, boolean same) {
        assertThat(story.difference(json(example), json(came)) == null).isEqualTo(same);
    }
}
