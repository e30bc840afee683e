package com.smashcost.routing.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.smashcost.routing.control.Conversation.Opening;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies are written with single quotes, which JSON does not know and no text here needs. */
class AskedReaderTest {

    private static final String HELLO = "'messages':[{'role':'user','content':'Hello'}]";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'messages':[{'role':'system','content':'Be kind.'},{'role':'user','content':'One'},"
                        + "{'role':'assistant','content':'Two'},{'role':'user','content':'Three'}]}",
                "{'messages':[{'role':'developer','content':[{'type':'text','text':'Be kind.'}]},"
                        + "{'role':'user','content':[{'type':'text','text':'One'}]},"
                        + "{'role':'assistant','content':[{'type':'text','text':'Two'}]},"
                        + "{'content':[{'text':'Three','type':'text'}],'role':'user'}]}",
                "{'system':'Be kind.','messages':[{'role':'user','content':'One'},"
                        + "{'role':'assistant','content':'Two'},{'role':'user','content':'Three'}]}",
                "{'messages':[{'content':'One','role':'user'},{'content':'Two','role':'assistant'},"
                        + "{'content':'Three','role':'user'}],"
                        + "'system':[{'type':'text','text':'Be kind.','cache_control':{}}]}",
                "{'instructions':'Be kind.','input':[{'role':'user','content':'One'},"
                        + "{'type':'message','role':'assistant','content':[{'type':'output_text','text':'Two'}]},"
                        + "{'type':'message','role':'user','content':[{'type':'input_text','text':'Three'}]}]}",
                "{'input':[{'role':'developer','content':'Be kind.'},{'role':'user','content':'One'},"
                        + "{'role':'assistant','content':'Two'},{'role':'user','content':'Three'}]}"
            })
    void reads_the_same_from_every_dialect(String body) {
        Conversation conversation = read(body);
        Asked asked = conversation.asked();
        assertThat(asked.instruction()).isEqualTo("Three");
        assertThat(asked.system()).isEqualTo("Be kind.");
        assertThat(asked.instructionCharacters()).isEqualTo(5);
        assertThat(asked.systemCharacters()).isEqualTo(8);
        assertThat(asked.turns()).isEqualTo(3);
        assertThat(asked.tools()).isZero();
        assertThat(asked.inToolLoop()).isFalse();
        assertThat(conversation.opening().userLength()).isEqualTo(3);
        assertThat(conversation.opening().systemLength()).isEqualTo(8);
    }

    @Test
    void reads_a_bare_prompt_of_responses() {
        assertThat(asked("{'model':'x','input':'Hello'}")).isEqualTo(Asked.of("Hello"));
        assertThat(asked("{" + HELLO + "}")).isEqualTo(Asked.of("Hello"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 999, 1_000, 1_001, 1_999, 2_000, 2_001, 3_000, 3_001, 10_000})
    void keeps_the_head_and_the_tail_of_a_long_text_exactly(int length) {
        String text = numbered(length);
        String parts = IntStream.range(0, 3)
                .mapToObj(i -> "{'type':'text','text':'" + text.substring(length * i / 3, length * (i + 1) / 3) + "'}")
                .collect(Collectors.joining(","));
        assertThat(asked("{'input':'" + text + "'}")).isEqualTo(Asked.of(text));
        assertThat(asked("{'messages':[{'role':'user','content':[{'type':'text','text':'" + text + "'}]}]}"))
                .isEqualTo(Asked.of(text));
        if (length >= 699) {
            String joined = text.substring(0, length / 3) + "\n" + text.substring(length / 3, length * 2 / 3) + "\n"
                    + text.substring(length * 2 / 3);
            Asked asked = asked("{'messages':[{'role':'user','content':[" + parts + "]}]}");
            assertThat(asked.instruction()).isEqualTo(Asked.excerpt(joined));
            assertThat(asked.instructionCharacters()).isEqualTo(length + 2);
            assertThat(asked.characters()).isEqualTo(length);
        }
    }

    @Test
    void keeps_the_beginning_of_long_instructions() {
        Asked asked = asked("{'system':'" + numbered(5_000) + "'," + HELLO + "}");
        assertThat(asked.system()).isEqualTo(numbered(5_000).substring(0, Asked.SYSTEM_EXCERPT));
        assertThat(asked.systemCharacters()).isEqualTo(5_000);
        assertThat(asked.characters()).isEqualTo(5_005);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'messages':[{'role':'user','content':'Weather?'},"
                        + "{'role':'assistant','content':null,'tool_calls':[{'id':'c1','type':'function',"
                        + "'function':{'name':'w','arguments':'{}'}}]},"
                        + "{'role':'tool','tool_call_id':'c1','content':'Rain'}]}",
                "{'messages':[{'role':'user','content':'Weather?'},"
                        + "{'role':'assistant','content':null,'function_call':{'name':'w','arguments':'{}'}},"
                        + "{'role':'function','name':'w','content':'Rain'}]}",
                "{'messages':[{'role':'user','content':'Weather?'},"
                        + "{'role':'assistant','content':[{'type':'tool_use','id':'t1','name':'w','input':{}}]},"
                        + "{'role':'user','content':[{'type':'tool_result','tool_use_id':'t1','content':'Rain'}]}]}",
                "{'messages':[{'role':'user','content':'Weather?'},"
                        + "{'role':'assistant','content':[{'type':'tool_use','id':'t1','name':'w','input':{}}]},"
                        + "{'role':'user','content':[{'content':[{'text':'Rain','type':'text'}],"
                        + "'tool_use_id':'t1','type':'tool_result'}]}]}",
                "{'input':[{'role':'user','content':'Weather?'},"
                        + "{'type':'function_call','call_id':'c1','name':'w','arguments':'{}'},"
                        + "{'type':'function_call_output','call_id':'c1','output':'Rain'}]}",
                "{'input':[{'role':'user','content':'Weather?'},"
                        + "{'type':'custom_tool_call','call_id':'c1','name':'w','input':'x'},"
                        + "{'type':'custom_tool_call_output','call_id':'c1',"
                        + "'output':[{'type':'input_text','text':'Rain'}]}]}",
                "{'input':[{'role':'user','content':'Weather?'},{'type':'local_shell_call','call_id':'c1'},"
                        + "{'type':'local_shell_call_output','id':'c1','output':'Rain'}]}",
                "{'input':[{'role':'user','content':'Weather?'},{'type':'shell_call','call_id':'c1'},"
                        + "{'type':'shell_call_output','call_id':'c1','output':[{'stdout':'Rain','stderr':''}]}]}",
                "{'input':[{'role':'user','content':'Weather?'},{'type':'apply_patch_call','call_id':'c1'},"
                        + "{'type':'apply_patch_call_output','call_id':'c1','output':'Rain'}]}",
                "{'input':[{'role':'user','content':'Weather?'},{'type':'computer_call','call_id':'c1'},"
                        + "{'type':'computer_call_output','call_id':'c1',"
                        + "'output':{'type':'computer_screenshot','image_url':'data:image/png;base64,AAAA'}}]}"
            })
    void sees_a_tool_loop_and_takes_no_result_for_what_the_user_said(String body) {
        Asked asked = asked(body);
        assertThat(asked.inToolLoop()).isTrue();
        assertThat(asked.instruction()).isEqualTo("Weather?");
        assertThat(asked.characters()).isGreaterThanOrEqualTo(8);
        assertThat(asked("{'previous':0," + body.substring(1, body.lastIndexOf(']'))
                                + ",{'role':'user','content':'Thanks'}]}")
                        .inToolLoop())
                .as("ended by what the user says next")
                .isFalse();
    }

    @Test
    void takes_what_the_user_says_beside_a_result_for_what_the_user_said() {
        Asked asked = asked("{'messages':[{'role':'user','content':[{'type':'text','text':'Look:'},"
                + "{'type':'tool_result','tool_use_id':'t','content':[{'type':'text','text':'secret'},"
                + "{'type':'image','source':{'type':'base64','data':'AAAA'}}]},"
                + "{'type':'text','text':'and go on'}]}]}");
        assertThat(asked.instruction()).isEqualTo("Look:\nand go on");
        assertThat(asked.inToolLoop()).isTrue();
        assertThat(asked.images()).isTrue();
        assertThat(asked.characters()).isEqualTo("Look:".length() + "secret".length() + "and go on".length());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{'type':'function','function':{'name':'f'}}] | 1 | false",
                "[{'type':'custom','custom':{'name':'f'}}] | 1 | false",
                "[{'name':'f','input_schema':{'type':'web_search'}}] | 1 | false",
                "[{'input_schema':{'type':'object'},'name':'f'},{'name':'g'}] | 2 | false",
                "[{'type':'bash_20250124','name':'bash'}] | 1 | false",
                "[{'type':'text_editor_20250728','name':'e'}] | 1 | false",
                "[{'type':'memory_20250818','name':'m'}] | 1 | false",
                "[{'type':'local_shell'}] | 1 | false",
                "[{'type':'apply_patch'}] | 1 | false",
                "[{'type':'web_search_20250305','name':'web_search'}] | 1 | true",
                "[{'type':'code_execution_20250825','name':'c'}] | 1 | true",
                "[{'type':'web_search'}] | 1 | true",
                "[{'type':'file_search','vector_store_ids':[]}] | 1 | true",
                "[{'type':'mcp','server_url':'x'}] | 1 | true",
                "[{'type':'code_interpreter'}] | 1 | true",
                "[{'type':'image_generation'}] | 1 | true",
                "[] | 0 | false",
                "null | 0 | false",
                "{'type':'web_search'} | 0 | false",
                "[null,1,[{'type':'web_search'}]] | 0 | false"
            })
    void tells_tools_of_the_client_from_those_that_the_provider_runs(String tools, int count, boolean hosted) {
        Asked asked = asked("{'tools':" + tools + "," + HELLO + "}");
        assertThat(asked.tools()).isEqualTo(count);
        assertThat(asked.hostedTools()).isEqualTo(hosted);
        assertThat(asked.instruction()).isEqualTo("Hello");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'web_search_options':{} | true",
                "'web_search_options':null | false",
                "'previous_response_id':'r' | true",
                "'conversation':{'id':'c'} | true",
                "'prompt':{'id':'p'} | true",
                "'mcp_servers':[{'type':'url','url':'x'}] | true",
                "'container':'c' | true"
            })
    void sees_what_only_its_provider_knows(String member, boolean hosted) {
        assertThat(asked("{" + member + "," + HELLO + "}").hostedTools()).isEqualTo(hosted);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'response_format':{'type':'json_object'} | true",
                "'response_format':{'json_schema':{'type':'text'},'type':'json_schema'} | true",
                "'response_format':{'type':'text'} | false",
                "'response_format':null | false",
                "'text':{'format':{'type':'json_schema','schema':{}}} | true",
                "'text':{'format':{'type':'text'},'verbosity':'low'} | false",
                "'output_format':{'type':'json_schema','schema':{'type':'object'}} | true",
                "'output_config':{'format':{'type':'json_schema','schema':{}}} | true",
                "'output_config':{'effort':'low'} | false",
                "'metadata':{'response_format':{'type':'json_object'}} | false"
            })
    void sees_that_the_answer_must_be_json(String member, boolean schema) {
        assertThat(asked("{" + member + "," + HELLO + "}").schema()).isEqualTo(schema);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'reasoning_effort':'low' | true",
                "'reasoning_effort':'none' | false",
                "'reasoning_effort':'minimal' | false",
                "'reasoning_effort':null | false",
                "'reasoning':{'effort':'high','summary':'auto'} | true",
                "'reasoning':{'summary':'auto','effort':'none'} | false",
                "'reasoning':null | false",
                "'thinking':{'type':'enabled','budget_tokens':1024} | true",
                "'thinking':{'budget_tokens':1024,'type':'adaptive'} | true",
                "'thinking':{'type':'disabled'} | false",
                "'output_config':{'effort':'max'} | true"
            })
    void sees_that_thinking_is_wanted(String member, boolean effort) {
        Asked asked = asked("{" + member + "," + HELLO + "}");
        assertThat(asked.effort()).isEqualTo(effort);
        assertThat(asked.instruction()).isEqualTo("Hello");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'type':'thinking','thinking':'hm','signature':'x'} | true",
                "{'type':'redacted_thinking','data':'x'} | true",
                "{'type':'text','text':'thinking'} | false"
            })
    void sees_thoughts_of_a_vendor(String part, boolean thoughts) {
        Asked asked = asked("{'messages':[{'role':'user','content':'One'},{'role':'assistant','content':[" + part
                + "]},{'role':'user','content':'Two'}]}");
        assertThat(asked.vendorThoughts()).isEqualTo(thoughts);
        assertThat(asked("{'input':[{'role':'user','content':'One'},{'type':'reasoning','summary':[],"
                                + "'encrypted_content':'x'},{'role':'user','content':'Two'}]}")
                        .vendorThoughts())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "'max_tokens':100 | 100",
                "'max_completion_tokens':100 | 100",
                "'max_output_tokens':100 | 100",
                "'max_tokens':9223372036854775807 | 9223372036854775807",
                "'max_tokens':123456789012345678901234567890 | -",
                "'max_tokens':null | -",
                "'max_tokens':'100' | -",
                "'max_tokens':{'a':[1]} | -",
                "'n':1 | -"
            })
    void reads_how_long_the_answer_may_be(String member, @Nullable Long most) {
        Asked asked = asked("{" + member + "," + HELLO + "}");
        assertThat(asked.maxOutputTokens()).isEqualTo(most);
        assertThat(asked.instruction()).isEqualTo("Hello");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'type':'image_url','image_url':{'url':'data:AAAA'}} | image",
                "{'type':'image','source':{'type':'url','url':'https://x'}} | image",
                "{'type':'input_image','image_url':'https://x'} | image",
                "{'type':'input_audio','input_audio':{'data':'AAAA','format':'wav'}} | audio",
                "{'type':'file','file':{'file_data':'data:AAAA','filename':'x.pdf'}} | document",
                "{'type':'document','source':{'type':'base64','data':'AAAA'}} | document",
                "{'type':'input_file','file_id':'f','file_data':'AAAA'} | document"
            })
    void sees_what_is_not_text_and_counts_none_of_its_bytes(String part, String kind) {
        Asked asked = asked("{'messages':[{'role':'user','content':[" + part.replace("AAAA", "A".repeat(9_000))
                + ",{'type':'text','text':'What is this?'}]}]}");
        assertThat(asked.images()).isEqualTo(kind.equals("image"));
        assertThat(asked.audio()).isEqualTo(kind.equals("audio"));
        assertThat(asked.documents()).isEqualTo(kind.equals("document"));
        assertThat(asked.instruction()).isEqualTo("What is this?");
        assertThat(asked.characters()).isBetween(13L, 30L);
    }

    @Test
    void counts_the_text_of_a_plain_text_document() {
        Asked asked = asked("{'messages':[{'role':'user','content':[{'type':'document','source':{'type':'text',"
                + "'media_type':'text/plain','data':'" + "a".repeat(9_000)
                + "'}},{'type':'text','text':'What is this?'}]}]}");
        assertThat(asked.characters()).isBetween(9_013L, 9_030L);
        assertThat(asked.instruction()).isEqualTo("What is this?");
    }

    @Test
    void asks_for_ears_where_the_answer_is_to_be_spoken() {
        assertThat(asked("{'modalities':['text','audio'],'audio':{'voice':'x','format':'wav'}," + HELLO + "}"))
                .satisfies(asked -> {
                    assertThat(asked.audio()).isTrue();
                    assertThat(asked.hostedTools()).isTrue();
                    assertThat(asked.instruction()).isEqualTo("Hello");
                });
        assertThat(asked("{'modalities':['text']," + HELLO + "}").audio()).isFalse();
    }

    @Test
    void counts_the_text_of_tools_and_schemas_and_calls() {
        assertThat(asked("{'tools':[{'type':'function','function':{'name':'ab','description':'cd'}}]," + HELLO + "}")
                        .characters())
                .isEqualTo(5 + "nameabdescriptioncd".length());
        assertThat(asked("{'response_format':{'type':'json_schema','json_schema':{'name':'ab'}}," + HELLO + "}")
                        .characters())
                .isEqualTo(5 + "nameab".length());
        assertThat(asked("{'messages':[{'role':'assistant','tool_calls':[{'function':{'arguments':'abc'}}]}]}")
                        .characters())
                .isEqualTo("functionargumentsabc".length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'thinking':{'type':{'type':'enabled'}}",
                "'thinking':{'type':['enabled']}",
                "'reasoning':{'effort':{'a':1}}",
                "'reasoning_effort':[1]",
                "'max_tokens':[1]",
                "'response_format':[{'type':'json_object'}]",
                "'text':['format']",
                "'tools':{'type':'function'}",
                "'system':{'messages':[]}",
                "'system':[[['x']],{'type':[1],'role':{'a':[]}}]",
                "'input':{'a':[{}]}",
                "'input':[{'role':['user'],'type':{'type':'message'},'content':{'content':[]}},[],1,null]",
                "'modalities':{'a':['audio']}"
            })
    void finds_its_way_after_a_member_of_an_unexpected_form(String member) {
        Asked asked = asked("{" + member + "," + HELLO + ",'max_output_tokens':7}");
        assertThat(asked.instruction()).isEqualTo("Hello");
        assertThat(asked.maxOutputTokens()).isEqualTo(7);
        assertThat(asked.effort()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'x':1}", "['user']", "null", "1"})
    void finds_its_way_after_a_message_of_an_unexpected_form(String odd) {
        Asked asked = asked("{'messages':[{'role':" + odd + ",'content':'One'},{'type':" + odd
                + ",'role':'user','content':'Two'},{'role':'user','content':" + odd
                + "},{'role':'user','content':[" + odd + ",{'type':" + odd + ",'text':'Three'}]}],'max_tokens':7}");
        assertThat(asked.instruction()).endsWith("Three");
        assertThat(asked.maxOutputTokens()).isEqualTo(7);
    }

    @Test
    void knows_a_conversation_by_how_it_began() {
        Opening first = opening("{'system':'Be kind.','messages':[{'role':'user','content':'One'}]}");
        assertThat(opening("{'messages':[{'role':'user','content':'One'},{'role':'assistant','content':'Two'},"
                        + "{'role':'user','content':'Three'}],'tools':[{'name':'x'}],'system':'Be kind.'}"))
                .isEqualTo(first);
        assertThat(opening("{'messages':[{'role':'system','content':'Be kind.'},{'role':'user','content':'One'}]}"))
                .isEqualTo(first);
        assertThat(opening("{'system':'Be rude.','messages':[{'role':'user','content':'One'}]}"))
                .isNotEqualTo(first);
        assertThat(opening("{'system':'Be kind.','messages':[{'role':'user','content':'Two'}]}"))
                .isNotEqualTo(first);
        assertThat(opening("{'messages':[{'role':'user','content':'One'}]}")).isNotEqualTo(first);
        assertThat(opening("{'system':'One','messages':[{'role':'user','content':'Be kind.'}]}"))
                .isNotEqualTo(first);
    }

    @Test
    void knows_a_conversation_again_when_its_texts_are_written_as_parts() {
        Opening first = opening("{'system':'Be kind.','messages':[{'role':'user','content':'One'}]}");
        assertThat(opening("{'system':[{'type':'text','text':'Be kind.','cache_control':{'type':'ephemeral'}}],"
                        + "'messages':[{'role':'user','content':[{'type':'text','text':'One'}]},"
                        + "{'role':'assistant','content':'Two'},{'role':'user','content':'Three'}]}"))
                .isEqualTo(first);
    }

    @Test
    void knows_a_conversation_again_when_instructions_are_added_later() {
        Opening first =
                opening("{'messages':[{'role':'system','content':'Be kind.'},{'role':'user','content':'One'}]}");
        assertThat(opening("{'messages':[{'role':'system','content':'Be kind.'},{'role':'user','content':'One'},"
                        + "{'role':'assistant','content':'Two'},{'role':'system','content':'Be brief.'},"
                        + "{'role':'user','content':'Three'}]}"))
                .isEqualTo(first);
    }

    @Test
    void tells_openings_apart_that_differ_only_in_the_middle_of_a_long_text() {
        String text = numbered(10_000);
        String other = text.substring(0, 5_000) + "x" + text.substring(5_001);
        assertThat(opening("{'input':'" + text + "'}")).isNotEqualTo(opening("{'input':'" + other + "'}"));
        String part = "{'messages':[{'role':'user','content':[{'type':'text','text':'%s'},{'text':'y'}]}]}";
        assertThat(opening(part.formatted(text))).isNotEqualTo(opening(part.formatted(other)));
        String system = "{'system':'%s'," + HELLO + "}";
        assertThat(opening(system.formatted(text))).isNotEqualTo(opening(system.formatted(other)));
    }

    @Test
    void tells_what_was_asked_in_numbers_alone() {
        Conversation conversation = read("{'system':'Xsecret','messages':[{'role':'user','content':'Ysecret'}]}");
        assertThat(conversation.toString()).doesNotContain("secret");
        assertThat(conversation.asked().toString()).isEqualTo("Asked[14 characters, 1 turns]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "1", "{", "{'messages':[", "{'messages':[{'role':'user','content':'Xsecret"})
    void refuses_what_is_no_object_and_repeats_nothing_of_it(String body) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(body))
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("secret"));
    }

    private static Asked asked(String body) {
        return read(body).asked();
    }

    private static Opening opening(String body) {
        return read(body).opening();
    }

    private static Conversation read(String body) {
        return Conversation.read(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    /** A text each of whose places is different. */
    private static String numbered(int length) {
        return IntStream.iterate(0, i -> i + 1)
                .limit(length / 2 + 1)
                .mapToObj(i -> i + " ")
                .collect(Collectors.joining())
                .substring(0, length);
    }

    @Test
    void notes_parameters_that_thinking_models_refuse() {
        String messages = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
        for (String member : List.of("\"max_tokens\":5", "\"temperature\":0.2", "\"top_p\":1", "\"stop\":[\"x\"]")) {
            byte[] body = ("{\"model\":\"m\"," + member + "," + messages + "}").getBytes(StandardCharsets.UTF_8);
            assertThat(Conversation.read(body).asked().sampling()).as(member).isTrue();
            assertThat(Conversation.read(body).translated().asked().sampling()).isFalse();
        }
        byte[] plain = ("{\"model\":\"m\",\"max_completion_tokens\":5,\"temperature\":null," + messages + "}")
                .getBytes(StandardCharsets.UTF_8);
        assertThat(Conversation.read(plain).asked().sampling()).isFalse();
    }
}
