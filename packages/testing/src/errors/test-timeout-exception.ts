import { WindhoverException } from '@windhover/core'

/** What a test waited for did not happen in time; the message says what it was and how far it had come. (.NET: TimeoutException) */
export class TestTimeoutException extends WindhoverException {}
