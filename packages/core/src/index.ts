import 'reflect-metadata'

export {
  AggregateException,
  ArgumentException,
  ArgumentNullException,
  ArgumentOutOfRangeException,
  BadHttpRequestException,
  FormatException,
  InvalidDataException,
  InvalidOperationException,
  IOException,
  NotSupportedException,
  ObjectDisposedException,
  OperationCanceledException,
  WindhoverException,
} from './errors/exceptions.ts'
