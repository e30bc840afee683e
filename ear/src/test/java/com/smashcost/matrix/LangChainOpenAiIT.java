package com.smashcost.matrix;

import com.smashcost.installation.Customer;

/** LangChain4j as a client of OpenAI. */
class LangChainOpenAiIT extends JavaCells {

    @Override
    Client client(Customer customer) {
        return LangChain.of(Wire.CHAT, customer);
    }
}
