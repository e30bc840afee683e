package com.smashcost.routing.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Prompts written for this test, which the classifier was not fitted on. */
class TaskTest {

    private static final Classifier CLASSIFIER = Classifier.shipped();

    private record Expected(Task task, String prompt) {}

    private static final List<Expected> PROMPTS = Stream.of("""
            math|What is 17 percent of 2,340?
            math|Solve for x: 3x^2 - 12x + 9 = 0
            math|Berechne die Wahrscheinlichkeit, mit zwei Würfeln mindestens eine Sechs zu werfen.
            math|Calcule l'intégrale de x * e^x entre 0 et 1.
            math|Prove that the sum of two even integers is even.
            math|Un tren recorre 240 km en 3 horas. ¿Cuál es su velocidad media?
            math|Сколько будет 45 умножить на 12?
            exam_mcq|Which planet is closest to the sun?\\nA. Venus\\nB. Mercury\\nC. Mars\\nD. Earth
            exam_mcq|The SI unit of force is\\nA. joule\\nB. watt\\nC. newton\\nD. pascal
            exam_mcq|Welche Stadt ist die Hauptstadt Australiens?\\nA) Sydney\\nB) Melbourne\\nC) Canberra\\nD) Perth
            exam_mcq|A patient presents with acute chest pain. Which test is first?\\nA. ECG\\nB. MRI\\nC. EEG\\nD. Spirometry
            exam_mcq|Which of these is a prime number?\\nA. 21\\nB. 27\\nC. 29\\nD. 33
            code|Write a Python function that removes duplicates from a list while keeping the order.
            code|Fix this bug: ```java\\nfor (int i = 0; i <= list.size(); i++) { list.get(i); }\\n```
            code|Wie schreibe ich in SQL eine Abfrage mit LEFT JOIN und GROUP BY?
            code|Write a regex that matches ISO dates.
            code|Convert this bash script to PowerShell: for f in *.log; do gzip "$f"; done
            code|Schreibe ein Python-Skript, das CSV-Dateien zusammenführt.
            code|Why do I get a NullPointerException in this method?\\n```java\\nString s = null; s.trim();\\n```
            open_qa|Who painted the Mona Lisa?
            open_qa|What is the difference between a virus and a bacterium?
            open_qa|Warum ist der Himmel blau?
            open_qa|Quelle est la différence entre le thé vert et le thé noir ?
            open_qa|¿Por qué el mar es salado?
            open_qa|How do noise-cancelling headphones work?
            open_qa|When was the Suez Canal opened?
            open_qa|Как работает холодильник?
            extraction_closed_qa|Extract all names and e-mail addresses from the following text as JSON: Anna Berg, anna@berg.example, met Tom.
            extraction_closed_qa|Based on the passage below, when did the company move? Passage: The company moved to Lyon in 1987.
            extraction_closed_qa|Extrahiere Rechnungsnummer und Betrag aus dem Text: Rechnung 4711 über 250 Euro.
            reasoning|Three friends sit in a row. Ann is left of Bob, and Carl is not at an end. Who sits in the middle?
            reasoning|Plan the order of these tasks so that no dependency is violated: A needs B, C needs A, D needs C and B.
            creative_writing|Write a short poem about the autumn wind.
            creative_writing|Come up with five slogans for a bakery.
            creative_writing|Schreibe eine kurze Geschichte über einen Leuchtturmwärter.
            creative_writing|Écris un poème sur la mer.
            creative_writing|Escribe un cuento sobre un dragón tímido.
            creative_writing|Draft a LinkedIn post announcing our new office in Porto.
            creative_writing|Napisz krótki wiersz o zimie.
            classification|Classify the sentiment of this review as positive or negative: The room was cold and loud.
            classification|Is this message spam or not spam? "You won a prize, click here"
            classification|Klassifiziere diese E-Mail als Beschwerde, Anfrage oder Lob: Wo bleibt mein Paket?
            summarization|Summarize the following article in three sentences: The council met on Monday to discuss the bridge.
            summarization|Fasse den folgenden Text in zwei Sätzen zusammen: Die Sitzung begann um zehn Uhr.
            summarization|Résume ce texte en une phrase : La réunion a commencé à dix heures.
            summarization|TL;DR of this thread please: Kim says the server is down. Lee restarted it. All fine now.
            rewrite|Rewrite this sentence to sound more formal: gimme the report asap
            rewrite|Fix the grammar: He go to school yesterday and forget him book.
            rewrite|Formuliere diesen Satz höflicher: Schick mir endlich die Unterlagen.
            rewrite|Make this paragraph shorter and friendlier: We regret to inform you that your order is late.
            rewrite|Paraphrase the sentence: The river flooded the lower town.
            translation|Translate into French: Where is the train station?
            translation|Übersetze ins Englische: Der Vertrag endet im März.
            translation|Traduce al inglés: Mañana no puedo venir.
            translation|Переведи на английский: Завтра будет дождь.
            translation|把下面的句子翻译成英文：今天天气很好。
            translation|Traduis en allemand : Le train est en retard.
            other|hi there, how are you?
            other|Thanks a lot!
            other|hallo
            """.split("\n"))
            .map(line -> line.split("\\|", 2))
            .map(parts -> new Expected(Task.valueOf(parts[0]), parts[1].replace("\\n", "\n")))
            .toList();

    @Test
    void most_prompts_that_nobody_trained_on_are_told_right() {
        List<String> wrong = PROMPTS.stream()
                .filter(expected ->
                        CLASSIFIER.classify(Asked.of(expected.prompt())).task() != expected.task())
                .map(expected ->
                        CLASSIFIER.classify(Asked.of(expected.prompt())).task() + " for " + expected)
                .toList();

        assertThat(PROMPTS).hasSizeGreaterThanOrEqualTo(55);
        assertThat(wrong).hasSizeLessThanOrEqualTo(PROMPTS.size() * 15 / 100);
    }
}
