package com.smashcost.ledger.control;

import com.smashcost.account.entity.Organization;
import com.smashcost.ledger.entity.RequestId;
import jakarta.annotation.Resource;
import jakarta.ejb.EJBException;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The request log of a range in files, oldest first: read page by page as the user who may only read, and written as it is read, so
 * that a file of any length takes the same memory. One that broke off is continued after its last request.
 */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class RequestExports {

    @Resource(lookup = "java:app/jdbc/smashcost-report")
    private DataSource database;

    /**
     * What is exported.
     *
     * @param after only requests after this one, the last of a file that broke off; null = from the first
     */
    public record Range(
            Organization organization,
            Instant from,
            Instant to,
            @Nullable RequestId after) {

        LedgerSlice slice() {
            return LedgerSlice.started(organization.id(), from, to, after);
        }
    }

    /** How many requests the range has. */
    public long count(Range range) {
        try {
            return range.slice().count(database);
        } catch (SQLException e) {
            throw new EJBException(e);
        }
    }

    /** Writes the requests as CSV. */
    public void csv(Range range, OutputStream out) throws IOException {
        try (CsvLines csv = new CsvLines(out)) {
            csv.line(ExportColumn.names());
            each(range, line -> csv.line(ExportColumn.texts(line)));
        }
    }

    /** Writes the requests as an Excel workbook with typed cells. */
    public void xlsx(Range range, OutputStream out) throws IOException {
        try (ExportWorkbook workbook = new ExportWorkbook(out)) {
            each(range, workbook::row);
        }
    }

    /** Writes the charges of the requests in the columns of FOCUS 1.2. */
    public void focus(Range range, OutputStream out) throws IOException {
        FocusColumns focus = new FocusColumns(range.organization());
        try (CsvLines csv = new CsvLines(out)) {
            csv.line(FocusColumns.NAMES);
            each(range, line -> {
                for (List<String> charge : focus.charges(line)) {
                    csv.line(charge);
                }
            });
        }
    }

    private void each(Range range, LedgerSlice.Reader reader) {
        try {
            range.slice().each(database, reader);
        } catch (SQLException e) {
            throw new EJBException(e);
        }
    }
}
