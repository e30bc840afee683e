package com.smashcost.matrix;

import com.smashcost.installation.Customer;

/** OpenAI's client for Java on Responses. */
class OpenAiJavaResponsesIT extends JavaCells {

    @Override
    Client client(Customer customer) {
        return OpenAiJava.of(Wire.RESPONSES, customer);
    }
}
