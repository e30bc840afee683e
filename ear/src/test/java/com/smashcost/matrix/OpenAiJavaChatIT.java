package com.smashcost.matrix;

import com.smashcost.installation.Customer;

/** OpenAI's client for Java on chat completions. */
class OpenAiJavaChatIT extends JavaCells {

    @Override
    Client client(Customer customer) {
        return OpenAiJava.of(Wire.CHAT, customer);
    }
}
