package com.smashcost.routing.control;

import java.util.Arrays;

/**
 * A family of words that tell what is wanted, in twenty-odd languages. A word with a star stands for all words that begin so;
 * writing without spaces is searched for the word anywhere.
 */
@SuppressWarnings("MemberName")
enum Cue {
    code("""
            code python java javascript typescript sql regex bash shell script function refactor* debug* compile* implement* unittest*
            endpoint* api query docker* kubernetes kubectl terraform git yaml json css html react django spring stacktrace traceback
            exception* class method* programm* funktion* código fonction* funkcj* функци* код програм* commit* merge* deploy* cron nginx
            excel vba powershell postgres* mysql rust golang kotlin swift php ruby c++ pandas numpy bug bugs test tests pytest junit
            代码 函数 脚本 コード 関数 スクリプト 코드 함수 スタックトレース 报错 バグ
            """),
    summarize("""
            summar* tldr tl recap condense* digest abridge* gist zusammenfass* zusammen resum* résum* resumé* riassum* riassunto sintesi
            sintetizza* samenvat* streszcz* podsumuj* podsumowanie özetle* özet резюм* суммируй* кратко коротко підсумуй* стисло
            sammanfatta* shrň* shrnutí tóm ringkas* rangkum* minutes bullet* keypoints kernpunkte kernaussagen protokoll synthèse
            总结 概括 摘要 要約 まとめ 요약 요점 لخص تلخيص ملخص सारांश संक्षेप 要点 概要
            """),
    rewrite("""
            rewrite* rephrase* reword* paraphrase* proofread* polish* shorten* simplify edit improve fix tone grammar formal* concise*
            umformulier* formulier* korrigier* kürze* kürzer überarbeit* vereinfach* höflich* reformul* corrig* simplifi* raccourci* améliore*
            reescrib* reescrev* reescreva mejora* acorta* riscriv* riformul* corregg* migliora* accorcia* herschrijf* herformuleer*
            verbeter* przepisz* popraw* skróć* przeredaguj* przeformułuj* yeniden düzelt* kısalt* перепиш* переформулир* исправ* сократи*
            виправ* переформулюй* skriv förbättra* korrigera* přepiš* uprav* oprav* viết tulis perbaiki* sederhanakan* ubah
            改写 润色 修改 改成 書き直 直して 校正 丁寧 다듬어 고쳐 바꿔 교정 صياغة صحح 改寫 दोबारा सुधार
            """),
    translate("""
            translate* translation übersetz* übersetzung tradu* traduci* vertaal* vertaling przetłumacz* tłumacz* tłumaczenie çevir* çeviri
            tercüme* перевед* перевод переклад* översätt* přelož* překlad dịch terjemah* localize localise*
            翻译 翻譯 译成 訳して 翻訳 英訳 和訳 번역 ترجم ترجمة अनुवाद 译为
            """),
    language("""
            english french german spanish italian portuguese dutch polish turkish russian ukrainian japanese chinese korean arabic hindi
            swedish czech vietnamese indonesian englisch* deutsch* französisch* spanisch* italienisch* anglais français* allemand espagnol*
            italien* inglés español alemán francés inglês francês alemão inglese tedesco francese spagnolo engels duits frans angielski*
            niemiecki* polski* francuski* ingilizce almanca türkçe fransızca английск* немецк* русск* французск* англійськ* українськ*
            engelska tyska svenska angličtin* češtin* němčin* anh inggris indonesia 英文 英语 中文 日本語 英語 영어 한국어 일본어 الإنجليزية العربية
            """),
    classify("""
            classif* categor* label* sentiment* intent spam triage* tag moderate* priorit* klassifizier* kategorisier* einordn* ordne
            kategorie* stimmung* clasifica* etiqueta* categoría classe* catégor* étiquet* classific* sentimento sentimiento classificeer*
            sklasyfikuj* zaklasyfikuj* kategori* przypisz* sınıflandır* etiket* duygu классифиц* категор* тональност* класифік* klassificera*
            kategorisera* zařaď* klasifik* phân klasifikasi* positive negative neutral positiv negativ relevant paraphrases duplicates
            分类 分類 判断 情感 感情 분류 감정 صنف تصنيف वर्गीकृत 标签 ラベル
            """),
    extract("""
            extract* pull* list identify fields json passage context paragraph document according mentioned entities invoice* extrahier*
            auslesen heraus liste extrai* extraer extraire extrae* relève* estra* extrahe* haal wyodrębnij* wyciągnij* wypisz* çıkar* ayıkla*
            извлек* выпиши* достань витягни* випиши* extrahera* plocka vytáhni* vypiš* trích ekstrak* ambil
            提取 抽出 抜き出 추출 뽑아 استخرج निकाल 列出
            """),
    create("""
            write* draft* compose* story poem haiku slogan* tagline* lyrics novel essay blog brainstorm* names email newsletter post caption*
            invent* speech song limerick fiction schreib* verfass* gedicht geschichte entwirf* erfinde écri* rédige* poème histoire imagine*
            escrib* redacta* poema cuento historia scriv* poesia racconto inventa* escrev* redija* schrijf* verhaal gedicht napisz* wiersz
            opowiadanie ułóż* yaz yazar şiir hikaye напиш* сочини* придума* стих* рассказ складіть вірш dikt berättelse napiš* báseň
            soạn buatkan puisi cerita marketing werbetext linkedin instagram tweet toast headline* subject
            写一 诗 故事 文案 起草 書いて 小説 俳句 써줘 작성 시를 اكتب قصيدة قصة लिखो लिखें कविता
            """),
    compute("""
            calculate* compute* solve* evaluate* equation* integral derivative probability percent* sum average total ratio equals how-many
            berechne* rechne* wahrscheinlichkeit* gleichung* prozent calcul* équation probabilité* pourcentage calcula* cuánto* cuántos
            ecuación quanto quanti calcola* quantos bereken* kans oblicz* ile równanie hesapla* kaç denklem вычисл* сколько вероятност*
            посчита* обчисл* скільки beräkna* hur vypočítej* kolik tính hitung* berapa matrix triangle polynomial integer* digits
            计算 求 概率 多少 方程 計算 確率 계산 확률 احسب كم गणना कितने
            """),
    prove(
            "prove proof derive* show lemma theorem beweis* zeige démontr* prouve* demuestra* dimostr* bewijs* udowodnij* kanıtla* докаж* довед* 证明 証明 증명 أثبت"),
    plan("""
            plan planning schedul* itinerary prioriti* strategy trade-off* tradeoff* decide* puzzle deduce* root-cause constraints riddle
            rätsel planung reihenfolge strategie* énigme planifi* stratégi* planifica* estrategia rompecabezas indovinello piano planej*
            zaplanuj* zagadka planla* bulmaca сплан* план загадк* логическ* сплануй* planera* naplánuj* hádanka rencana jadwal liar knight
            knave truth-teller clue* clues seated left right taller older oldest therefore conclude should option options ranking
            计划 推理 谜 安排 計画 推論 順番 계획 추론 خطة योजना
            """),
    ask("""
            what why how who when where which whose whom was wer wie wann wo warum wieso welche* wozu que qui quoi quand où pourquoi
            comment quel* qué quién cuándo dónde cómo cuál* che chi cosa quando dove perché come quale quali quem onde porquê qual wat
            waarom hoe wanneer welke co kto kiedy gdzie dlaczego jak czy który ne nedir neden nasıl kim hangi что кто когда где почему
            как зачем какой какая що хто коли де чому як vad varför när hur kdo kdy kde proč jaký gì tại sao apa siapa kapan mengapa bagaimana
            什么 为什么 怎么 如何 谁 哪 何 なぜ どう いつ 誰 뭐 무엇 왜 어떻게 언제 ما ماذا لماذا كيف متى हل क्या क्यों कैसे कौन
            """),
    explain("""
            explain* describe* difference* define* meaning recommend* advice tips best erklär* unterschied* empfehl* expliqu* différence
            conseil* explica* diferencia consejo* spieg* differenza consigli explique diferença leg uitleg verschil wyjaśnij* różnica
            porad* açıkla* fark* öneri* объясн* разниц* посовет* поясни* різниц* порад* förklara* skillnad* vysvětli* rozdíl giải thích
            jelaskan perbedaan 解释 区别 介绍 建议 説明 違い 教えて 설명 차이 추천 اشرح الفرق समझा अंतर
            """),
    negation(
            "not except never false incorrect least without unless neither nor cannot isn't nicht kein* außer pas sauf jamais no nunca excepto non tranne não exceto niet nie не кроме 不 非 ない 않"),
    greeting("""
            hi hello hey thanks thank thx ok okay cool lol bye yo sup hallo danke moin servus tschüss bonjour merci salut hola gracias
            ciao grazie olá oi obrigad* bedankt hoi cześć dzięki dziękuję merhaba teşekkür* selam привет спасибо пока привіт дякую hej
            tack ahoj díky děkuji chào cảm halo terima makasih yourself you're chatgpt roleplay pretend bot feelings opinion favorite favourite
            你好 谢谢 嗨 こんにちは ありがとう 안녕 고마워 감사 مرحبا شكرا नमस्ते धन्यवाद
            """),
    supplied("""
            following below above attached pasted text passage article transcript thread notes paragraph review ticket message context
            folgend* untenstehend* text absatz artikel suivant* texte ci-dessous siguiente* texto artículo seguente* testo seguint*
            volgende tekst poniższ* tekst aşağıdaki metin следующ* текст ниже наступн* följande následující sau berikut
            以下 下面 文章 次の 文章 다음 아래 التالي النص निम्नलिखित
            """);

    private final String[] words;

    Cue(String words) {
        this.words = words.strip().split("\\s+");
    }

    /** A table that finds the cues of a word by its hash; collisions are as rare as those of any 32-bit hash. */
    static final class Table {

        private static final int SIZE = 1 << 13;

        private final int[] keys = new int[SIZE];
        private final int[] cues = new int[SIZE];

        Table() {
            for (Cue cue : values()) {
                Arrays.stream(cue.words).forEach(word -> add(word, 1 << cue.ordinal()));
            }
        }

        /** The bits of the cues that this whole word has. */
        int exactly(int hash) {
            return find(hash ^ WHOLE);
        }

        /** The bits of the cues that have a word which begins so. */
        int beginning(int hash) {
            return find(hash ^ BEGINNING);
        }

        private static final int WHOLE = 0x5bd1e995;
        private static final int BEGINNING = 0x2c1b3c6d;

        private void add(String word, int bits) {
            boolean star = word.endsWith("*");
            int[] points = (star ? word.substring(0, word.length() - 1) : word)
                    .codePoints()
                    .toArray();
            int hash = Hash.START;
            for (int point : points) {
                hash = Hash.add(hash, point);
            }
            int key = hash ^ (star || Text.dense(points[0]) ? BEGINNING : WHOLE);
            int slot = slot(key);
            keys[slot] = key;
            cues[slot] |= bits;
        }

        private int find(int key) {
            return cues[slot(key)];
        }

        private int slot(int key) {
            int slot = Hash.finish(key) & (SIZE - 1);
            while (cues[slot] != 0 && keys[slot] != key) {
                slot = (slot + 1) & (SIZE - 1);
            }
            return slot;
        }
    }
}
